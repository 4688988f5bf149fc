package dev.tributary.adapters.memory;

/** What became of a delivery's work. Only the first changes anything. */
enum Settlement {
  COMMITTED,
  /** Its event was handled before; it is acknowledged. */
  DUPLICATE,
  /** A state had moved on. */
  CONFLICT,
  /** The delivery is another consumer's by now. */
  FENCED
}
