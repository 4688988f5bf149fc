package dev.tributary.adapters.redis;

import dev.tributary.eventjson.EntryFields;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A script and what it is called with. Never compared. */
@SuppressWarnings("ArrayRecordComponent")
record Call(Script script, String[] keys, byte[][] arguments) {

  /** Of an event's entry, as scripts that write some take them. */
  static final List<byte[]> FIELD_NAMES = EntryFields.ALL.stream().map(Utf8::bytes).toList();

  /**
   * Gathers KEYS and ARGV of a script that takes works, as {@code events.lua} and {@code work.lua} want them: numbers together in the first
   * argument, then the names of events' fields, then texts in the order in which they are added.
   */
  static final class Builder {

    private static final int BYTES_OF_WORK = 64;
    private static final int TEXTS_OF_WORK = 10;

    private final Script script;
    private final List<String> keys = new ArrayList<>();
    private final List<byte[]> arguments;
    private ByteBuffer numbers;

    /** @param works how many about */
    Builder(Script script, int works, String... keys) {
      this.script = script;
      Collections.addAll(this.keys, keys);
      numbers = ByteBuffer.allocate(BYTES_OF_WORK * (works + 1));
      arguments = new ArrayList<>(TEXTS_OF_WORK * (works + 1));
      // The place of the numbers.
      arguments.add(new byte[0]);
      arguments.addAll(FIELD_NAMES);
      number(works);
    }

    Builder number(int added) {
      room(Integer.BYTES).putInt(added);
      return this;
    }

    /** One that may be too large for 32 bits. */
    Builder large(long added) {
      room(Double.BYTES).putDouble((double) added);
      return this;
    }

    Builder flag(boolean added) {
      return small(added ? 1 : 0);
    }

    private Builder small(int added) {
      room(Byte.BYTES).put((byte) added);
      return this;
    }

    Builder text(String added) {
      arguments.add(Utf8.bytes(added));
      return this;
    }

    Builder counts(WorkBytes work) {
      return number(work.states().size()).number(work.events().size());
    }

    Builder work(WorkBytes work) {
      work.states().forEach(this::state);
      work.events().forEach(values -> {
        small(values.length);
        Collections.addAll(arguments, values);
      });
      return this;
    }

    private void state(WorkBytes.State state) {
      flag(state.listed().isPresent()).large(state.lifetime());
      keys.add(state.key());
      text(Long.toString(state.expectedVersion()));
      arguments.add(state.json());
      state.listed().ifPresent(listed -> {
        keys.add(listed.key());
        text(listed.member());
      });
    }

    private ByteBuffer room(int bytes) {
      if (numbers.remaining() < bytes) {
        numbers = ByteBuffer.allocate(2 * numbers.capacity()).put(numbers.flip());
      }
      return numbers;
    }

    Call build() {
      var packed = new byte[numbers.position()];
      numbers.get(0, packed);
      arguments.set(0, packed);
      return new Call(script, keys.toArray(String[]::new), arguments.toArray(byte[][]::new));
    }
  }
}
