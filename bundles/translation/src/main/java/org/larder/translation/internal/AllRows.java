package org.larder.translation.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.larder.buffer.Answer;
import org.larder.buffer.Consistency;
import org.larder.buffer.RecordReader;
import org.larder.rest.RowWriter;
import org.larder.storage.model.Row;
import org.larder.storage.query.Page;
import org.larder.storage.query.Query;

/**
 * All rows of a query, page by page, so that a list of any length takes the memory of one page. The
 * first page is read at once: what fails there fails before the reply begins. For one thread.
 */
final class AllRows implements Iterator<Row> {
  static final int PAGE = 500;

  private final RecordReader reader;
  private final Query query;
  private final Consistency consistency;
  private final Answer<Page> first;
  private Page page;
  private int at;

  AllRows(RecordReader reader, Query query, Consistency consistency) {
    this.reader = reader;
    this.query = query.withLimit(PAGE);
    this.consistency = consistency;
    this.first = reader.query(this.query, consistency);
    this.page = first.value();
  }

  /** Where the first page came from. */
  Answer<Page> origin() {
    return first;
  }

  @Override
  public boolean hasNext() {
    while (at == page.rows().size() && page.next().isPresent()) {
      page = reader.query(query.after(page.next().get()), consistency).value();
      at = 0;
    }
    return at < page.rows().size();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return page.rows().get(at++);
  }

  /** Writes the rows that are left as an array; returns how many there were. */
  long write(RowWriter writer, JsonGenerator json) throws IOException {
    long count = 0;
    json.writeStartArray();
    while (hasNext()) {
      writer.write(next(), json);
      count++;
    }
    json.writeEndArray();
    return count;
  }
}
