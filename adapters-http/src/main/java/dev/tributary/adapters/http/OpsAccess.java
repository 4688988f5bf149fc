package dev.tributary.adapters.http;

import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.Handler;
import io.javalin.http.Header;
import io.javalin.http.SameSite;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Who may see and do what operators do: who brings the token, as a bearer or once in a form, which then is a cookie. The cookie holds no token,
 * but an expiry and its HMAC under the token: any process with the same token knows it.
 */
final class OpsAccess {

  private static final String COOKIE = "tributary_ops";
  private static final Duration SESSION = Duration.ofHours(12);
  private static final String BEARER = "Bearer ";
  private static final String HMAC = "HmacSHA256";

  private final byte[] token;
  private final InstantSource clock;
  private final LoginAttempts attempts;

  OpsAccess(String token, InstantSource clock) {
    this.token = utf8(token);
    this.clock = clock;
    this.attempts = new LoginAttempts(clock);
  }

  /** Lets the handler see only who may. */
  Handler guard(Handler handler) {
    return ctx -> {
      if (!isBearer(ctx)) {
        requireSession(ctx);
      }
      handler.handle(ctx);
    };
  }

  private void requireSession(Context ctx) {
    if (!hasSession(ctx)) {
      throw new ProblemException(Problem.unauthorized());
    }
    if (changesSomething(ctx) && !isFromOurPage(ctx)) {
      throw new ProblemException(Problem.forbidden("This must come from the operations page itself."));
    }
  }

  boolean isKnown(Context ctx) {
    return isBearer(ctx) || hasSession(ctx);
  }

  private boolean isBearer(Context ctx) {
    String given = Optional.ofNullable(ctx.header(Header.AUTHORIZATION)).orElse("");
    return given.startsWith(BEARER) && isToken(ctx, given.substring(BEARER.length()));
  }

  /** @throws ProblemException 429 if the address has brought too many wrong ones */
  boolean isToken(Context ctx, String given) {
    return attempts.check(ctx.ip(), () -> isToken(given));
  }

  /** An operator as far as he is known. Of one that the {@link #guard} has let through. */
  String who(Context ctx) {
    return ctx.ip() + (hasSession(ctx) ? " by session" : " by token");
  }

  /** In a time that does not tell how much of it is right. */
  private boolean isToken(String given) {
    return MessageDigest.isEqual(hmac("given", utf8(given)), hmac("given", token));
  }

  private boolean hasSession(Context ctx) {
    String[] parts = Optional.ofNullable(ctx.cookie(COOKIE)).orElse("").split("\\.", 2);
    return parts.length == 2 && parts[0].matches("\\d{1,18}")
        && MessageDigest.isEqual(utf8(parts[1]), utf8(signature(parts[0])))
        && Long.parseLong(parts[0]) > clock.millis();
  }

  void open(Context ctx) {
    String expiry = Long.toString(clock.millis() + SESSION.toMillis());
    ctx.cookie(cookie(ctx, expiry + "." + signature(expiry), (int) SESSION.toSeconds()));
  }

  void close(Context ctx) {
    ctx.cookie(cookie(ctx, "", 0));
  }

  private static Cookie cookie(Context ctx, String value, int maxAge) {
    return new Cookie(COOKIE, value, "/ops", maxAge, "https".equals(ctx.scheme()), true, null, SameSite.STRICT);
  }

  private String signature(String expiry) {
    return HexFormat.of().formatHex(hmac("session " + expiry, token));
  }

  private static boolean changesSomething(Context ctx) {
    return switch (ctx.method().name()) {
      case "GET", "HEAD" -> false;
      default -> true;
    };
  }

  /** A cookie comes along with whatever a browser sends here; what another site makes it send says so, or says nothing. */
  static boolean isFromOurPage(Context ctx) {
    String site = ctx.header("Sec-Fetch-Site");
    if (site != null) {
      return site.equals("same-origin");
    }
    String origin = Optional.ofNullable(ctx.header(Header.ORIGIN)).orElse("");
    return origin.equals(ctx.scheme() + "://" + ctx.header(Header.HOST));
  }

  /** Of what brings the token itself: a browser always says where it comes from, and another client has no cookie that could be abused. */
  static boolean isFromAnotherPage(Context ctx) {
    boolean says = ctx.header("Sec-Fetch-Site") != null || ctx.header(Header.ORIGIN) != null;
    return says && !isFromOurPage(ctx);
  }

  private static byte[] hmac(String text, byte[] key) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, HMAC));
      return mac.doFinal(utf8(text));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + HMAC, e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
