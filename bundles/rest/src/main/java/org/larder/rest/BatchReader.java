package org.larder.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.larder.buffer.Submission;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Limits;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.RowBuilder;

/**
 * Reads the items of one request into a submission as they are parsed: no tree, no item held. A bad
 * item is noted and passed over; what is no JSON at all ends the request. For one thread.
 */
final class BatchReader {
  private final ItemFormat format;
  private final Submission submission;
  private final long nowMicros;
  private final byte[] bytes;
  private final int length;
  private final ItemReader items;
  private final List<RejectedItem> rejected = new ArrayList<>(0);
  private int seen;

  BatchReader(ItemFormat format, RequestBody body, Submission submission, long nowMicros) {
    this.format = format;
    this.submission = submission;
    this.nowMicros = nowMicros;
    this.bytes = body.bytes();
    this.length = body.length();
    this.items = new ItemReader(format, bytes);
  }

  /** The items that were not taken. */
  List<RejectedItem> rejected() {
    return rejected;
  }

  /** How many items the request had, taken or not. */
  int seen() {
    return seen;
  }

  /** Reads {@code {"<name>": [item, …]}}. */
  void readArray(String name) {
    try (JsonParser parser = open(0, length)) {
      items.use(parser, 0);
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw noArray(name, parser.currentToken() == null ? "The body is empty" : null);
      }
      boolean found = false;
      for (String member = parser.nextFieldName();
          member != null;
          member = parser.nextFieldName()) {
        JsonToken token = parser.nextToken();
        if (!member.equals(name)) {
          parser.skipChildren();
          continue;
        }
        if (found) {
          throw Problem.invalid("The body has '" + name + "' twice").exception();
        }
        if (token != JsonToken.START_ARRAY) {
          throw noArray(name, null);
        }
        found = true;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          readItem();
        }
      }
      if (!found) {
        throw noArray(name, null);
      }
      if (parser.nextToken() != null) {
        throw Malformed.json(parser.currentTokenLocation());
      }
    } catch (IOException e) {
      throw Malformed.of(e);
    }
  }

  /** Reads one item a line; empty lines are passed over and do not count. */
  void readLines() {
    int start = 0;
    while (start < length) {
      int end = start;
      while (end < length && bytes[end] != '\n') {
        end++;
      }
      if (!isBlank(start, end)) {
        readLine(start, end);
      }
      start = end + 1;
    }
  }

  private void readLine(int start, int end) {
    int index = seen;
    try (JsonParser parser = open(start, end)) {
      items.use(parser, start);
      while (parser.nextToken() != null) {
        readItem();
        index = seen;
      }
    } catch (StreamConstraintsException e) {
      rejectLine(index, "is beyond the limits of an item");
    } catch (IOException e) {
      rejectLine(index, "is not well-formed JSON");
    }
  }

  private void rejectLine(int index, String message) {
    seen = index + 1;
    rejected.add(new RejectedItem(index, null, "", "The line " + message));
  }

  private void readItem() throws IOException {
    int index = seen++;
    if (index == Limits.REQUEST_ITEMS) {
      throw Problem.of(
              413,
              "TOO_MANY_ITEMS",
              "A request has at most " + Limits.REQUEST_ITEMS + " items; send them in several")
          .exception();
    }
    try {
      RowBuilder row = submission.row();
      items.read(row);
      format.finish(row, nowMicros);
      submission.add(Mutation.Kind.MERGE);
    } catch (InvalidRowException e) {
      rejected.add(new RejectedItem(index, items.key(), e.field(), e.getMessage()));
    }
  }

  private JsonParser open(int start, int end) throws IOException {
    return Json.factory().createParser(bytes, start, end - start);
  }

  private boolean isBlank(int start, int end) {
    for (int i = start; i < end; i++) {
      if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r') {
        return false;
      }
    }
    return true;
  }

  private static ProblemException noArray(String name, String why) {
    String wanted = "The body has to be an object with an array '" + name + "'";
    return Problem.invalid(why == null ? wanted : why + ". " + wanted)
        .withError(name, "is required and has to be an array")
        .exception();
  }
}
