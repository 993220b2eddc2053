"""Releases: immutable folders that prove themselves; built, verified, published, pulled.

A release is one dataset at one version: its tables, what changed, the documents that other
tools read, and `SHA256SUMS` over all of it. `coreutils` and `OpenSSH` verify it; azds is not
needed. Importing this package loads nothing.
"""
