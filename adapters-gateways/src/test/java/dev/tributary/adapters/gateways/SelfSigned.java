package dev.tributary.adapters.gateways;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** TLS with a certificate that only those trust who were told to. */
final class SelfSigned {

  private static final String PASSWORD = "password";

  private SelfSigned() {}

  /** @param names as keytool wants them: {@code ip:127.0.0.1}, {@code dns:localhost} */
  static SSLContext context(Path folder, String names) throws Exception {
    Path file = folder.resolve("keys.p12");
    Process keytool = new ProcessBuilder(System.getProperty("java.home") + "/bin/keytool", "-genkeypair", "-alias",
        "it",
        "-keyalg", "EC", "-dname", "CN=test", "-ext", "SAN=" + names, "-storetype", "PKCS12", "-storepass", PASSWORD,
        "-keystore", file.toString()).inheritIO().start();
    if (keytool.waitFor() != 0) {
      throw new IllegalStateException("keytool failed");
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    return context(store);
  }

  private static SSLContext context(KeyStore store) throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD.toCharArray());
    TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}
