package dev.tributary.bootstrap;

import java.util.List;

/** Something is wrong with the settings. Its message lists every fault, a line each, and shows no password. */
final class SettingsException extends Exception {

  private static final long serialVersionUID = 1L;

  SettingsException(List<String> faults) {
    super(String.join(System.lineSeparator(), faults));
  }
}
