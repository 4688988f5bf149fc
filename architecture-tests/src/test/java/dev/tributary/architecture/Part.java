package dev.tributary.architecture;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The parts of the house: which package is whose, and what each may depend on. Whatever is not listed is forbidden. */
enum Part {
  DOMAIN("domain..", List.of(), List.of("java.lang..", "java.time..", "java.util", "java.util.function..",
      "java.util.regex..",
      "java.util.stream..", "java.math..")), APPLICATION("application", List.of(DOMAIN), List.of("java..")), CONTRACT(
          "messaging.contract", List.of(DOMAIN, APPLICATION),
          List.of("java..", "com.sun.management..", "org.junit.jupiter.api..", "org.assertj..", "org.awaitility..",
              "org.slf4j..", "ch.qos.logback..")), MEMORY("adapters.memory", List.of(DOMAIN, APPLICATION),
                  List.of("java..", "org.slf4j..")), REDIS_SERVER("redisserver", List.of(),
                      List.of("java..", "org.slf4j..")), REDIS("adapters.redis", List.of(DOMAIN, APPLICATION), List
                          .of("java..", "org.slf4j..", "io.lettuce..", "io.netty..", "com.fasterxml.jackson..")), HTTP(
                              "adapters.http", List.of(DOMAIN, APPLICATION),
                              List.of("java..", "org.slf4j..", "io.javalin..", "org.eclipse.jetty..",
                                  "jakarta.servlet..", "com.fasterxml.jackson..", "kotlin..")), GATEWAYS(
                                      "adapters.gateways", List.of(DOMAIN, APPLICATION),
                                      List.of("java..", "javax.net.ssl..", "org.slf4j..", "jakarta.mail..",
                                          "org.eclipse.angus..", "com.fasterxml.jackson..")), BOOTSTRAP("bootstrap",
                                              List.of(DOMAIN, APPLICATION, MEMORY, REDIS_SERVER, REDIS, HTTP, GATEWAYS),
                                              List.of("java..", "com.google.inject..", "com.github.f4b6a3.uuid.."));

  /** Annotations for the compiler, and those that it leaves behind. */
  private static final List<String> EVERYWHERE = List.of("org.jspecify.annotations");

  private final String packages;
  private final List<Part> parts;
  private final List<String> libraries;

  Part(String packages, List<Part> parts, List<String> libraries) {
    this.packages = packages;
    this.parts = parts;
    this.libraries = libraries;
  }

  /** @param root the package above all parts */
  String packages(String root) {
    return root + "." + packages;
  }

  /** Itself, the parts below it, and its libraries. */
  String[] allowed(String root) {
    Stream<String> house = Stream.concat(Stream.of(this), parts.stream()).map(part -> part.packages(root));
    return Stream.of(house, libraries.stream(), EVERYWHERE.stream())
        .flatMap(packages -> packages)
        .toArray(String[]::new);
  }

  List<String> libraries() {
    return libraries;
  }

  static List<Part> all() {
    return Arrays.asList(values());
  }
}
