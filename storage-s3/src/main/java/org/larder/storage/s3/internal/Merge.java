package org.larder.storage.s3.internal;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Several sources as one, in order. Holds one line of each. For one thread, which closes it, and
 * with it the sources.
 */
final class Merge implements LineSource {
  private record Head(Line line, LineSource source) {}

  private final List<LineSource> sources;
  private final PriorityQueue<Head> heads =
      new PriorityQueue<>(Comparator.comparing(Head::line, Line.ORDER));

  /** Merges sources, which it closes even if it fails. */
  Merge(List<LineSource> sources) throws IOException {
    this.sources = List.copyOf(sources);
    try {
      for (LineSource source : sources) {
        push(source);
      }
    } catch (IOException | RuntimeException e) {
      Closing.after(e, this.sources);
      throw e;
    }
  }

  private void push(LineSource source) throws IOException {
    Line line = source.next();
    if (line != null) {
      heads.add(new Head(line, source));
    }
  }

  @Override
  public Line next() throws IOException {
    Head head = heads.poll();
    if (head == null) {
      return null;
    }
    push(head.source());
    return head.line();
  }

  @Override
  public void close() throws IOException {
    Closing.all(sources);
  }
}
