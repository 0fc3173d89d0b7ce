package org.larder.shell.internal;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * The other end of {@link ShellServer}, a process of its own that {@code larder shell} starts. With
 * arguments it runs them as one command; otherwise it reads commands from the terminal, with
 * history, or line by line from whatever standard input is. One thread.
 */
public final class ShellClient {
  private static final int EXIT_NO_NODE = 3;
  private static final String PROMPT = "larder> ";

  private final OutputStream commands;
  private final InputStream answers;
  private final PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);

  private ShellClient(SocketChannel channel) {
    commands = Channels.newOutputStream(channel);
    answers = new BufferedInputStream(Channels.newInputStream(channel));
  }

  /** Runs the client; the exit status is 0 if the last command did its work. */
  public static void main(String[] words) throws IOException {
    Path run = Path.of(System.getProperty("larder.data"), "run");
    Path pointer = run.resolve("shell.path");
    int status;
    try (SocketChannel channel =
        SocketChannel.open(UnixDomainSocketAddress.of(Files.readString(pointer).strip()))) {
      ShellClient client = new ShellClient(channel);
      if (words.length > 0) {
        status = client.ask(String.join(" ", words));
      } else if (Boolean.getBoolean("larder.terminal")) {
        status = client.readTerminal(run.resolve("shell.history"));
      } else {
        status = client.readLines();
      }
    } catch (NoSuchFileException e) {
      System.err.println("larder: the node does not serve a shell yet");
      status = EXIT_NO_NODE;
    } catch (IOException e) {
      System.err.println("larder: the node's shell has gone (" + e.getMessage() + ")");
      status = EXIT_NO_NODE;
    }
    System.exit(status);
  }

  private int readLines() throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    int status = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      status = ask(line);
    }
    return status;
  }

  private int readTerminal(Path history) throws IOException {
    int status = 0;
    try (Terminal terminal = TerminalBuilder.builder().system(true).build()) {
      LineReader reader =
          LineReaderBuilder.builder()
              .terminal(terminal)
              .variable(LineReader.HISTORY_FILE, history)
              .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
              .build();
      out.println("larder:help lists the commands; Ctrl-D leaves, and the node goes on.");
      out.flush();
      while (true) {
        String line = reader.readLine(PROMPT).strip();
        if (line.equals("exit") || line.equals("quit")) {
          return status;
        }
        if (!line.isEmpty()) {
          status = ask(line);
        }
      }
    } catch (EndOfFileException | UserInterruptException e) {
      return status;
    }
  }

  /** Sends one command, prints its answer as it comes, and returns 0 if it did its work. */
  private int ask(String command) throws IOException {
    String line = command.replace('\n', ' ') + "\n";
    commands.write(line.getBytes(StandardCharsets.UTF_8));
    commands.flush();
    while (true) {
      int next = answers.read();
      if (next == ShellSession.END_OF_ANSWER) {
        out.flush();
        return answers.read() - ShellSession.DONE;
      }
      if (next < 0) {
        throw new IOException("it ended in the middle of an answer");
      }
      out.write(next);
      if (answers.available() == 0) {
        out.flush();
      }
    }
  }
}
