package dev.tributary.bootstrap;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a process does. */
enum Role {
  HTTP, EMAIL_PROCESSORS, USER_PROCESSORS, PAYMENT_PROCESSORS, SHIPPING_PROCESSORS;

  /** As it stands in {@code ROLES}. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<Role> of(String word) {
    return Arrays.stream(values()).filter(role -> role.word().equals(word)).findFirst();
  }
}
