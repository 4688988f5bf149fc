package dev.tributary.adapters.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** What Jetty refuses before a route is found, such as a request that is not HTTP: a problem, in place of Jetty's own pages. */
final class ServerFailures implements Request.Handler {

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    byte[] json = Problem.of(response.getStatus()).json();
    response.getHeaders().put(new HttpField(HttpHeader.CONTENT_TYPE, Problem.TYPE));
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, json.length);
    SecurityHeaders.ALL.forEach(response.getHeaders()::put);
    response.write(true, ByteBuffer.wrap(json), callback);
    return true;
  }
}
