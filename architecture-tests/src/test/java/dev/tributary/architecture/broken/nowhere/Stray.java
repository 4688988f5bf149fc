package dev.tributary.architecture.broken.nowhere;

/** In no part, and in a package that nobody introduced. */
record Stray(String name) {}
