package org.larder.storage.query;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.larder.storage.model.Row;

/**
 * Rows that answer a {@link Query}.
 *
 * @param rows in the query's order; complete rows
 * @param total how many rows pass the filter, if that was asked
 * @param next where the next page begins; empty if there is none
 */
public record Page(List<Row> rows, OptionalLong total, Optional<Keyset> next) {
  public Page {
    rows = List.copyOf(rows);
  }
}
