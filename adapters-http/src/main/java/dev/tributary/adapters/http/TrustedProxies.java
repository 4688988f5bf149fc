package dev.tributary.adapters.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * Proxies that are believed when they say for whom they ask. Each proxy appends to {@code X-Forwarded-For} whom it heard from: the client is the
 * last address there that is no trusted proxy's, as whatever stands before it may be made up.
 */
final class TrustedProxies implements HttpConfiguration.Customizer {

  private static final String FORWARDED_FOR = "X-Forwarded-For";
  private static final String FORWARDED_PROTO = "X-Forwarded-Proto";
  private static final Pattern PREFIX = Pattern.compile("[0-9]{1,3}");

  private final List<Network> networks;

  private TrustedProxies(List<Network> networks) {
    this.networks = networks;
  }

  /** @throws IllegalArgumentException if one is neither an address nor a network */
  static TrustedProxies of(List<String> networks) {
    return new TrustedProxies(networks.stream().map(Network::parse).toList());
  }

  @Override
  public Request customize(Request request, HttpFields.Mutable headers) {
    return peer(request).filter(this::isTrusted)
        .map(peer -> forwarded(request, client(peer, request.getHeaders())))
        .orElse(request);
  }

  private static Optional<InetAddress> peer(Request request) {
    SocketAddress peer = request.getConnectionMetaData().getRemoteSocketAddress();
    return peer instanceof InetSocketAddress address ? Optional.ofNullable(address.getAddress()) : Optional.empty();
  }

  private boolean isTrusted(InetAddress address) {
    return networks.stream().anyMatch(network -> network.contains(address));
  }

  /** The proxy itself, where it names nobody or what it names is no address. */
  private InetAddress client(InetAddress proxy, HttpFields headers) {
    InetAddress client = proxy;
    List<String> hops = headers.getValuesList(FORWARDED_FOR)
        .stream()
        .flatMap(value -> Arrays.stream(value.split(",", -1)))
        .toList();
    for (String hop : hops.reversed()) {
      Optional<InetAddress> before = literal(hop.strip());
      if (before.isEmpty()) {
        return client;
      }
      client = before.get();
      if (!isTrusted(client)) {
        return client;
      }
    }
    return client;
  }

  private static Request forwarded(Request request, InetAddress client) {
    boolean isSecure = "https".equalsIgnoreCase(request.getHeaders().get(FORWARDED_PROTO));
    HttpURI uri = isSecure ? HttpURI.build(request.getHttpURI()).scheme("https").asImmutable() : request.getHttpURI();
    var connection = new ConnectionMetaData.Wrapper(request.getConnectionMetaData()) {
      @Override
      public SocketAddress getRemoteSocketAddress() {
        return new InetSocketAddress(client, 0);
      }

      @Override
      public boolean isSecure() {
        return isSecure || super.isSecure();
      }
    };
    return new Request.Wrapper(request) {
      @Override
      public ConnectionMetaData getConnectionMetaData() {
        return connection;
      }

      @Override
      public HttpURI getHttpURI() {
        return uri;
      }

      @Override
      public boolean isSecure() {
        return connection.isSecure();
      }
    };
  }

  /** Never by a name: that would ask a name server. */
  private static Optional<InetAddress> literal(String text) {
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** @param prefix how many bits of the address count */
  private record Network(InetAddress address, int prefix) {

    static Network parse(String text) {
      int slash = text.indexOf('/');
      InetAddress address = literal(slash < 0 ? text : text.substring(0, slash))
          .orElseThrow(() -> new IllegalArgumentException("no address or network: '" + text + "'"));
      int bits = address.getAddress().length * Byte.SIZE;
      String prefix = slash < 0 ? Integer.toString(bits) : text.substring(slash + 1);
      if (!PREFIX.matcher(prefix).matches() || Integer.parseInt(prefix) > bits) {
        throw new IllegalArgumentException("no address or network: '" + text + "'");
      }
      return new Network(address, Integer.parseInt(prefix));
    }

    boolean contains(InetAddress other) {
      byte[] ours = address.getAddress();
      byte[] theirs = other.getAddress();
      if (ours.length != theirs.length) {
        return false;
      }
      for (int bit = 0; bit < prefix; bit++) {
        int mask = 0x80 >> bit % Byte.SIZE;
        if (((ours[bit / Byte.SIZE] ^ theirs[bit / Byte.SIZE]) & mask) != 0) {
          return false;
        }
      }
      return true;
    }
  }
}
