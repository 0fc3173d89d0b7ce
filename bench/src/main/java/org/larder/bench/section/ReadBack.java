package org.larder.bench.section;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.BitSet;
import java.util.List;
import org.larder.bench.load.Item;
import org.larder.bench.load.KeySequence;
import org.larder.bench.load.TaskRequests;

/** Compares what is read back with what was sent and acknowledged; for one thread. */
final class ReadBack {
  private final List<TaskRequests> sent;
  private final KeySequence keys;
  private final BitSet found = new BitSet();
  private long doubled;
  private long altered;
  private long foreign;

  /** For what was sent by these, whose numbers follow one another from 0 on. */
  ReadBack(List<TaskRequests> sent, KeySequence keys) {
    this.sent = sent;
    this.keys = keys;
  }

  /** Takes a task that was read. */
  void found(JsonNode task) {
    long number = keys.number(task.path("task_id").asText());
    if (number < 0 || number >= sent.get(sent.size() - 1).end()) {
      foreign++;
      return;
    }
    int index = Math.toIntExact(number);
    if (found.get(index)) {
      doubled++;
    }
    found.set(index);
    if (!ItemCheck.matches(task, new Item(number, keys))) {
      altered++;
    }
  }

  /** Items that were acknowledged. */
  long acknowledged() {
    return sent.stream().mapToLong(TaskRequests::acceptedItems).sum();
  }

  /** Items that were acknowledged and not found. */
  long lost() {
    return acknowledged() - (found.cardinality() - unacknowledged());
  }

  /** Items that were sent and found, but whose acknowledgement never came. */
  long unacknowledged() {
    return found.stream()
        .filter(index -> sent.stream().noneMatch(requests -> requests.isAccepted(index)))
        .count();
  }

  /** Items that were found more than once. */
  long doubled() {
    return doubled;
  }

  /** Items with a field that differs from what was sent. */
  long altered() {
    return altered;
  }

  /** Items that nobody sent. */
  long foreign() {
    return foreign;
  }

  /** Whether everything acknowledged was found once and as it was. */
  boolean isFlawless() {
    return lost() == 0 && doubled == 0 && altered == 0 && foreign == 0;
  }

  @Override
  public String toString() {
    return "lost %d, doubled %d, altered %d, never sent %d"
        .formatted(lost(), doubled, altered, foreign);
  }
}
