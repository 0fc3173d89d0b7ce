package org.larder.shell.internal;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.felix.service.command.CommandProcessor;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets {@code larder shell} in: by a socket in the file system, in a folder that only the node's
 * own user may enter, never by the network. One thread accepts, each session has one of its own;
 * {@link #stop} ends them all.
 */
@Component(service = {})
public final class ShellServer {
  private static final Logger log = LoggerFactory.getLogger(ShellServer.class);

  /** What fits into a socket's address everywhere. */
  private static final int LONGEST_PATH_BYTES = 100;

  private static final int MOST_SESSIONS = 4;

  private final CommandProcessor processor;
  private final Path folder;
  private final Path pointer;
  private final ServerSocketChannel channel;
  private final Set<SocketChannel> sessions = ConcurrentHashMap.newKeySet();

  /** Begins to listen. */
  @Activate
  public ShellServer(@Reference CommandProcessor processor, BundleContext context)
      throws IOException {
    this.processor = processor;
    Path run = Path.of(context.getProperty("larder.data")).resolve("run");
    pointer = run.resolve("shell.path");
    folder = privateFolder(run.resolve("shell"));
    Path socket = folder.resolve("socket");
    Files.deleteIfExists(socket);
    channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.bind(UnixDomainSocketAddress.of(socket));
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
      Files.writeString(pointer, socket + "\n");
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    Thread acceptor = new Thread(this::accept, "larder-shell");
    acceptor.setDaemon(true);
    acceptor.start();
  }

  /** Ends all sessions. */
  @Deactivate
  public void stop() throws IOException {
    channel.close();
    for (SocketChannel session : sessions) {
      session.close();
    }
    Files.deleteIfExists(pointer);
    Files.deleteIfExists(folder.resolve("socket"));
    Files.deleteIfExists(folder);
  }

  private static Path privateFolder(Path wanted) throws IOException {
    Path socket = wanted.toAbsolutePath().resolve("socket");
    if (socket.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH_BYTES) {
      return Files.createTempDirectory("larder-shell-");
    }
    Set<PosixFilePermission> onlyOwner = PosixFilePermissions.fromString("rwx------");
    if (!Files.isDirectory(wanted)) {
      Files.createDirectory(wanted, PosixFilePermissions.asFileAttribute(onlyOwner));
    }
    Files.setPosixFilePermissions(wanted, onlyOwner);
    return wanted.toAbsolutePath();
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel session = channel.accept();
        if (sessions.size() >= MOST_SESSIONS) {
          session.close();
          continue;
        }
        sessions.add(session);
        Thread thread = new Thread(() -> serve(session), "larder-shell-session");
        thread.setDaemon(true);
        thread.start();
      }
    } catch (ClosedChannelException e) {
      log.debug("No more shells are let in");
    } catch (IOException e) {
      log.warn("larder shell is not served any more", e);
    }
  }

  private void serve(SocketChannel session) {
    try (session) {
      new ShellSession(processor).serve(session);
    } catch (IOException e) {
      log.debug("A shell went away", e);
    } finally {
      sessions.remove(session);
    }
  }
}
