package org.larder.bench.http;

import java.io.ByteArrayOutputStream;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads one HTTP/1.1 reply after another from bytes that arrive in any pieces; for one thread.
 *
 * <p>Understands bodies with a length and chunked ones, and skips interim replies (1xx). Nothing
 * but the status, the body and what decides over the connection is kept.
 */
public final class ReplyParser {
  private enum State {
    STATUS,
    HEADER,
    BODY,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    TRAILER,
    DONE
  }

  private static final int LINE_LIMIT = 16 * 1024;

  private final Body body = new Body();
  private final byte[] line = new byte[LINE_LIMIT];
  private int lineLength;
  private State state = State.STATUS;
  private int status;
  private long remaining;
  private boolean chunked;
  private boolean closing;
  private int retryAfterSeconds;

  /** Makes ready for the next reply. */
  public void reset() {
    state = State.STATUS;
    lineLength = 0;
    body.reset();
    beginHead();
  }

  /**
   * Takes bytes until the reply is complete; what follows it stays in the buffer.
   *
   * @return true once the reply is complete
   * @throws ProtocolException when this is not a reply
   */
  public boolean accept(ByteBuffer in) throws ProtocolException {
    while (state != State.DONE && in.hasRemaining()) {
      if (state == State.BODY || state == State.CHUNK) {
        takeBody(in);
      } else if (takeLine(in)) {
        endOfLine();
        lineLength = 0;
      }
    }
    return state == State.DONE;
  }

  /** The status of the reply. */
  public int status() {
    return status;
  }

  /** Whether the server closes the connection after this reply. */
  public boolean isClosing() {
    return closing;
  }

  /** Seconds of Retry-After, or 0. */
  public int retryAfterSeconds() {
    return retryAfterSeconds;
  }

  /** A copy of the body. */
  public byte[] body() {
    return body.toByteArray();
  }

  /** Whether the body contains the text in its first bytes, as many as are asked for. */
  public boolean bodyBegins(byte[] text, int within) {
    return body.contains(text, within);
  }

  private void beginHead() {
    remaining = -1;
    chunked = false;
    closing = false;
    retryAfterSeconds = 0;
  }

  private boolean takeLine(ByteBuffer in) throws ProtocolException {
    while (in.hasRemaining()) {
      byte b = in.get();
      if (b == '\n') {
        if (lineLength > 0 && line[lineLength - 1] == '\r') {
          lineLength--;
        }
        return true;
      }
      if (lineLength == line.length) {
        throw new ProtocolException("a line of the head is longer than " + LINE_LIMIT + " bytes");
      }
      line[lineLength++] = b;
    }
    return false;
  }

  private void takeBody(ByteBuffer in) {
    int count = (int) Math.min(remaining, in.remaining());
    body.take(in, count);
    remaining -= count;
    if (remaining == 0) {
      state = state == State.BODY ? State.DONE : State.CHUNK_END;
    }
  }

  private void endOfLine() throws ProtocolException {
    switch (state) {
      case STATUS -> readStatus();
      case HEADER -> {
        if (lineLength > 0) {
          readHeader();
        } else {
          endOfHead();
        }
      }
      case CHUNK_SIZE -> {
        remaining = chunkSize();
        state = remaining == 0 ? State.TRAILER : State.CHUNK;
      }
      case CHUNK_END -> state = State.CHUNK_SIZE;
      case TRAILER -> {
        if (lineLength == 0) {
          state = State.DONE;
        }
      }
      default -> throw new IllegalStateException("no line is read in state " + state);
    }
  }

  private void readStatus() throws ProtocolException {
    String text = text(0);
    if (!text.startsWith("HTTP/1.1 ") || text.length() < 12) {
      throw new ProtocolException("not a reply: " + text);
    }
    status = number(text.substring(9, 12), 10);
    beginHead();
    state = State.HEADER;
  }

  private void readHeader() throws ProtocolException {
    if (begins("content-length:")) {
      remaining = number(text(15), 10);
    } else if (begins("transfer-encoding:")) {
      chunked = text(18).endsWith("chunked");
    } else if (begins("connection:")) {
      closing = text(11).equalsIgnoreCase("close");
    } else if (begins("retry-after:")) {
      retryAfterSeconds = number(text(12), 10);
    }
  }

  private void endOfHead() throws ProtocolException {
    if (status < 200) {
      state = State.STATUS;
    } else if (status == 204 || status == 304) {
      state = State.DONE;
    } else if (chunked) {
      state = State.CHUNK_SIZE;
    } else if (remaining >= 0) {
      state = remaining == 0 ? State.DONE : State.BODY;
    } else {
      throw new ProtocolException("a reply " + status + " without a length");
    }
  }

  private int chunkSize() throws ProtocolException {
    String text = text(0);
    int extension = text.indexOf(';');
    return number(extension < 0 ? text : text.substring(0, extension), 16);
  }

  private static int number(String text, int radix) throws ProtocolException {
    try {
      return Integer.parseInt(text.strip(), radix);
    } catch (NumberFormatException e) {
      throw new ProtocolException("not a number in the head of a reply: " + text);
    }
  }

  private boolean begins(String lowerCase) {
    if (lineLength < lowerCase.length()) {
      return false;
    }
    for (int i = 0; i < lowerCase.length(); i++) {
      int c = line[i];
      if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != lowerCase.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private String text(int from) {
    return new String(line, from, lineLength - from, StandardCharsets.ISO_8859_1).strip();
  }

  /** The body so far, in an array that is kept for the next reply. */
  private static final class Body extends ByteArrayOutputStream {
    Body() {
      super(1024);
    }

    void take(ByteBuffer in, int length) {
      if (buf.length - count < length) {
        buf = Arrays.copyOf(buf, Math.max(buf.length * 2, count + length));
      }
      in.get(buf, count, length);
      count += length;
    }

    boolean contains(byte[] text, int within) {
      int end = Math.min(count, within) - text.length;
      for (int i = 0; i <= end; i++) {
        if (Arrays.equals(buf, i, i + text.length, text, 0, text.length)) {
          return true;
        }
      }
      return false;
    }
  }
}
