package org.larder.shell.internal;

import java.io.BufferedReader;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;

/**
 * One shell: reads a command a line, answers with what it prints, then a zero byte and a digit, 0
 * if the command did its work. For one thread.
 */
final class ShellSession {
  static final int END_OF_ANSWER = 0;
  static final int DONE = '0';
  static final int FAILED = '1';

  private final CommandProcessor processor;

  ShellSession(CommandProcessor processor) {
    this.processor = processor;
  }

  void serve(SocketChannel channel) throws IOException {
    OutputStream raw = Channels.newOutputStream(channel);
    BufferedReader commands =
        new BufferedReader(
            new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
    try (PrintStream out = new PrintStream(new Answer(raw), false, StandardCharsets.UTF_8);
        CommandSession session = processor.createSession(InputStream.nullInputStream(), out, out)) {
      session.put("SCOPE", "larder:gogo:*");
      for (String line = commands.readLine(); line != null; line = commands.readLine()) {
        int status = execute(session, line, out);
        out.flush();
        raw.write(new byte[] {END_OF_ANSWER, (byte) status});
      }
    }
  }

  // Whatever a command throws is its answer, and the session goes on.
  private static int execute(CommandSession session, String line, PrintStream out) {
    try {
      Object result = session.execute(line);
      if (result != null) {
        out.println(session.format(result, Converter.INSPECT));
      }
      return DONE;
    } catch (Exception e) {
      out.println(e.getMessage() == null ? e.toString() : e.getMessage());
      return FAILED;
    }
  }

  /** Keeps zero bytes out of what a command prints. */
  private static final class Answer extends FilterOutputStream {
    Answer(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      if ((b & 0xff) != END_OF_ANSWER) {
        out.write(b);
      }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int from = offset;
      for (int i = offset; i < offset + length; i++) {
        if (bytes[i] == END_OF_ANSWER) {
          out.write(bytes, from, i - from);
          from = i + 1;
        }
      }
      out.write(bytes, from, offset + length - from);
    }
  }
}
