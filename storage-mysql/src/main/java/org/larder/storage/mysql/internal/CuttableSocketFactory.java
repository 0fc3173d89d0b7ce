package org.larder.storage.mysql.internal;

import com.mysql.cj.conf.PropertySet;
import com.mysql.cj.protocol.StandardSocketFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.Optional;

/**
 * Makes the driver's socket as usual and hands it to {@link Sockets}. The driver makes one of these
 * for each connection, by its name. The socket may be asked for by any thread.
 */
public final class CuttableSocketFactory extends StandardSocketFactory {
  private volatile Socket newest;

  @Override
  protected Socket createSocket(PropertySet properties) {
    Socket socket = super.createSocket(properties);
    newest = socket;
    try {
      Sockets.made(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return socket;
  }

  /** The one below TLS; empty before there is one. */
  Optional<Socket> socket() {
    return Optional.ofNullable(newest);
  }
}
