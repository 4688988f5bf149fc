package dev.tributary.faults;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A certificate that only those trust who were told to.
 *
 * @param trustStore as {@code keytool} makes it, with that certificate alone
 */
record Certificate(Path pem, Path key, Path trustStore) {

  static final String PASSWORD = "password";

  /** @param names as keytool wants them: {@code ip:127.0.0.1}, {@code dns:localhost} */
  static Certificate selfSigned(Path folder, String names) throws Exception {
    Path keys = folder.resolve("keys.p12");
    Path pem = folder.resolve("redis.crt");
    Path trustStore = folder.resolve("trust.p12");
    keytool(keys, "-genkeypair", "-keyalg", "EC", "-dname", "CN=test", "-ext", "SAN=" + names, "-validity", "2");
    keytool(keys, "-exportcert", "-rfc", "-file", pem.toString());
    keytool(trustStore, "-importcert", "-noprompt", "-file", pem.toString());
    return new Certificate(pem, Files.writeString(folder.resolve("redis.key"), privateKey(keys)), trustStore);
  }

  private static void keytool(Path store, String... arguments) throws Exception {
    var command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/keytool"));
    command.addAll(List.of(arguments));
    command.addAll(List.of("-alias", "redis", "-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore",
        store.toString()));
    if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
      throw new IllegalStateException("keytool failed");
    }
  }

  private static String privateKey(Path keys) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keys)) {
      store.load(in, PASSWORD.toCharArray());
    }
    byte[] key = store.getKey("redis", PASSWORD.toCharArray()).getEncoded();
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(key)
        + "\n-----END PRIVATE KEY-----\n";
  }
}
