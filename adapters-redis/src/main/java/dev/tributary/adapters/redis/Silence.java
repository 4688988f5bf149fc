package dev.tributary.adapters.redis;

import io.lettuce.core.protocol.CommandHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Cuts one node's connection when nothing comes for long, though replies are due: a new one may help. For one channel. */
final class Silence extends ChannelInboundHandlerAdapter {

  private static final Duration CHECKED_EVERY = Duration.ofMillis(500);

  private final Duration limit;
  private long lastSign = System.nanoTime();
  private @Nullable ScheduledFuture<?> check;

  Silence(Duration limit) {
    this.limit = limit;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    check = context.executor()
        .scheduleWithFixedDelay(() -> check(context), CHECKED_EVERY.toMillis(), CHECKED_EVERY.toMillis(),
            TimeUnit.MILLISECONDS);
    context.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    lastSign = System.nanoTime();
    context.fireChannelRead(message);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (check != null) {
      check.cancel(false);
    }
    context.fireChannelInactive();
  }

  private void check(ChannelHandlerContext context) {
    CommandHandler waiting = context.pipeline().get(CommandHandler.class);
    if (waiting == null || waiting.getStack().isEmpty()) {
      lastSign = System.nanoTime();
    } else if (System.nanoTime() - lastSign > limit.toNanos()) {
      var _ = context.close();
    }
  }
}
