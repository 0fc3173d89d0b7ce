package org.larder.journal.internal;

import java.util.ArrayList;
import java.util.List;
import org.larder.journal.NewFrame;

/** A group being laid out, and whose frames are in it. Guarded by the filler's lock until taken. */
final class PendingGroup {
  private final GroupBuffer buffer;
  private final List<Ticket> tickets = new ArrayList<>();
  private Ticket firstTicket;
  private int firstFrame;
  private long cost;
  private long frames;
  private long items;
  private long bytes;

  PendingGroup(GroupBuffer buffer) {
    this.buffer = buffer;
  }

  GroupBuffer buffer() {
    return buffer;
  }

  /** Tickets whose last frame is in it, in order. */
  List<Ticket> tickets() {
    return tickets;
  }

  boolean begun() {
    return frames > 0;
  }

  /** The ticket and the frame it begins with, from which it can be laid out anew. */
  Ticket firstTicket() {
    return firstTicket;
  }

  int firstFrame() {
    return firstFrame;
  }

  long cost() {
    return cost;
  }

  long frames() {
    return frames;
  }

  long items() {
    return items;
  }

  long bytes() {
    return bytes;
  }

  void add(Ticket ticket, int index, long sequence) {
    NewFrame frame = ticket.frame(index);
    buffer.add(frame, ticket.checksum(index), sequence);
    if (frames == 0) {
      firstTicket = ticket;
      firstFrame = index;
    }
    cost += Layout.costOfFrame(frame.length());
    frames++;
    items += frame.count();
    bytes += frame.length();
    if (index == ticket.frameCount() - 1) {
      tickets.add(ticket);
    }
  }

  /** A frame that fails with the group though it is not in it. */
  void giveUp(Ticket ticket, int index) {
    cost += Layout.costOfFrame(ticket.frame(index).length());
    if (index == ticket.frameCount() - 1) {
      tickets.add(ticket);
    }
  }

  void clear() {
    tickets.clear();
    firstTicket = null;
    cost = 0;
    frames = 0;
    items = 0;
    bytes = 0;
  }
}
