package dev.tributary.eventjson;

/** Some bytes are not what they should be; the message says what is wrong with them and holds none of them. */
public final class UndecodableException extends Exception {

  private static final long serialVersionUID = 1L;

  UndecodableException(String message) {
    super(message);
  }
}
