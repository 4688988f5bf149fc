package dev.tributary.adapters.redis;

import dev.tributary.domain.Ascii;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.domain.messaging.StateKey;
import dev.tributary.domain.messaging.Topic;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Every key of one partition. All share the stream's hash slot, so that one script may touch them together. Nothing else spells a key, and
 * whatever comes from outside is encoded here.
 *
 * @param stream the stream's own key; its name is the hash tag of all the others
 */
record Keys(String stream) {

  /** Stream: what operators did. Of no topic. */
  static final String AUDIT = "tributary:audit";

  /** String: into how many partitions everything is divided. Of no topic. */
  static final String PARTITIONS = "tributary:partitions";

  /** Sorted set: members of a group that reads in order, by their last sign of life. Of no partition. */
  static String members(Topic<?> topic, Group group) {
    return "tributary:members:" + topic.name() + ":" + group.name();
  }

  /** Of a topic's only partition: the stream bears its name. */
  static Keys of(Topic<?> topic) {
    return new Keys(topic.name());
  }

  /** Of one partition of a topic; where there are several, its number belongs to the stream's name. */
  static Keys of(Topic<?> topic, int partition, Partitioning partitioning) {
    int checked = Objects.checkIndex(partition, partitioning.count());
    return partitioning.count() == 1 ? of(topic) : new Keys(topic.name() + "." + checked);
  }

  /** Hash: {@code v} version, {@code s} state as JSON. */
  String state(StateKey<?> key) {
    return tagged(key.aggregate().name() + ":" + encode(key.id()));
  }

  /** Sorted set without scores: ids of listed states behind what they are sorted by. */
  String list(String name, String id) {
    return tagged(name + ":" + encode(id));
  }

  /** Sorted set: ids of the events that a group has handled, by time. */
  String handled(Group group) {
    return tagged("handled:" + group.name());
  }

  /** Sorted set: ids of the requests that were committed, by time. */
  String requests() {
    return tagged("requests");
  }

  /** Sorted set: ids of the events that were published, by time. */
  String published() {
    return tagged("published");
  }

  /** Sorted set: ids of the entries that wait for a retry, by when it is due. */
  String due(Group group) {
    return tagged("due:" + group.name());
  }

  /** Hash: entry id to attempts and time of the first failure, for entries that failed and are not settled. */
  String retry(Group group) {
    return tagged("retry:" + group.name());
  }

  /** Stream: a group's dead letters. */
  String dead(Group group) {
    return tagged("dead:" + group.name());
  }

  /** Sorted set: who has had the partition that the group reads in order, by when each ceased to be its owner. */
  String former(Group group) {
    return tagged("former:" + group.name());
  }

  /** Sorted set: a group's consumers by their last sign of life. */
  String consumers(Group group) {
    return tagged("consumers:" + group.name());
  }

  /** Hash: {@code owner} of the partition in a group that reads in order, his {@code fence}, {@code until} when, and {@code news} of entries put back. */
  String lease(Group group) {
    return tagged("lease:" + group.name());
  }

  /** Sorted set without scores: key, blank and padded entry id of the dead letters that later ones of their key wait behind. */
  String parked(Group group) {
    return tagged("parked:" + group.name());
  }

  /** String: up to which entry a group has settled everything, and how many entries its stream had been given by then. */
  String checkpoint(Group group) {
    return tagged("checkpoint:" + group.name());
  }

  private String tagged(String rest) {
    return "{" + stream + "}:" + rest;
  }

  /** Percent-encodes all but {@code A–Z a–z 0–9 - _ . @ +}: braces, blanks and colons of users never move a slot or fake a key. */
  private static String encode(String id) {
    var encoded = new StringBuilder(id.length());
    for (byte b : id.getBytes(StandardCharsets.UTF_8)) {
      if (Ascii.isAlphanumeric(b) || "-_.@+".indexOf(b) >= 0) {
        encoded.append((char) b);
      } else {
        encoded.append('%').append(String.format("%02X", b));
      }
    }
    return encoded.toString();
  }
}
