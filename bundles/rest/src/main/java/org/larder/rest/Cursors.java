package org.larder.rest;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Row;
import org.larder.storage.model.RowBuilder;
import org.larder.storage.query.Keyset;
import org.larder.storage.query.Query;

/**
 * Places in a list as opaque text: the values of the order and the key as a row, behind a
 * fingerprint of it all, so that a cursor fits only the query that gave it out. It is no secret and
 * guards nothing; it catches mistakes.
 */
final class Cursors {
  private static final int FINGERPRINT = Long.BYTES;

  private Cursors() {}

  static String encode(Query query, Keyset place) {
    CollectionSchema schema = query.schema();
    RowBuilder row = RowBuilder.ofStored(schema);
    try {
      for (int i = 0; i < query.order().size(); i++) {
        row.set(query.order().get(i).field(), place.values().get(i));
      }
      row.set(CollectionSchema.KEY, place.key());
    } catch (InvalidRowException e) {
      throw new IllegalStateException("A stored value does not fit its field", e);
    }
    byte[] bytes = new byte[FINGERPRINT + row.encodedLength()];
    row.writeTo(bytes, FINGERPRINT);
    ByteBuffer.wrap(bytes).putLong(fingerprint(query, bytes));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /**
   * The place that a cursor means.
   *
   * @throws ProblemException 422 if the cursor is of another query, or none at all
   */
  static Keyset decode(Query query, String cursor) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(cursor);
    } catch (IllegalArgumentException e) {
      throw foreign();
    }
    if (bytes.length <= FINGERPRINT
        || ByteBuffer.wrap(bytes).getLong() != fingerprint(query, bytes)) {
      throw foreign();
    }
    Row row = new Row(query.schema(), bytes, FINGERPRINT, bytes.length - FINGERPRINT);
    List<Object> values = new ArrayList<>();
    query.order().forEach(step -> values.add(row.value(step.field())));
    return new Keyset(values, row.key());
  }

  private static long fingerprint(Query query, byte[] bytes) {
    String what = query.schema() + "|" + query.filter() + "|" + query.order();
    long hash = 0xcbf29ce484222325L;
    for (byte b : what.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ b) * 0x100000001b3L;
    }
    for (int i = FINGERPRINT; i < bytes.length; i++) {
      hash = (hash ^ bytes[i]) * 0x100000001b3L;
    }
    return hash;
  }

  private static ProblemException foreign() {
    return Problem.of(
            422,
            "INVALID_CURSOR",
            "The cursor is not one of this query's; repeat the query that gave it out, or begin"
                + " without a cursor")
        .withError("cursor", "is not a cursor of this query")
        .exception();
  }
}
