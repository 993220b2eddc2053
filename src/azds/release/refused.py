"""Why a release is refused: one class of the tree in `azds.errors`, with the kinds of releases."""

from azds.errors import IntegrityError, RefusedError

__all__ = ["ReleaseDamagedError", "ReleaseRefusedError", "WithdrawnWarning"]


class ReleaseRefusedError(RefusedError):
    """A release that is not built, published, pulled or yanked, with the way out in the advice."""

    kinds = frozenset(
        {
            "release-attribution",
            "release-exists",
            "release-limit",
            "release-not-next",
            "release-rollback",
            "release-signature",
            "release-storage",
            "release-unknown",
            "release-version",
            "release-yanked",
        }
    )


class ReleaseDamagedError(IntegrityError):
    """A release, or the log of releases, that is not what was published."""

    kinds = frozenset({"release-changed", "release-invalid", "release-log", "release-path"})


class WithdrawnWarning(UserWarning):
    """A release that is opened was withdrawn after it was published."""
