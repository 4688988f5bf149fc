package dev.tributary.bootstrap;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * What operators identify themselves with.
 *
 * @param isRandom whether nobody has chosen it, so that it has to be told
 */
record OpsToken(String value, boolean isRandom) {

  private static final int BYTES = 20;

  static OpsToken random() {
    var bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return new OpsToken(HexFormat.of().formatHex(bytes), true);
  }

  @Override
  public String toString() {
    return "OpsToken[…]";
  }
}
