package org.larder.storage.mysql.internal;

import com.mysql.cj.MysqlConnection;
import com.mysql.cj.NativeSession;
import com.mysql.cj.Session;
import com.mysql.cj.jdbc.JdbcStatement;
import java.io.IOException;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TCP connections of one backend, so that each can be cut under a thread that waits in it: the
 * driver's own ways take locks that the waiting thread holds, and closing TLS waits for a word of
 * the other side. Free for any thread.
 */
final class Sockets {
  private static final Logger LOG = LoggerFactory.getLogger(Sockets.class);

  /** The driver makes its socket on the thread that asks for a connection. */
  private static final ThreadLocal<Sockets> MAKING = new ThreadLocal<>();

  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean ended;

  /** Makes a connection. */
  interface Making {
    /** Asks the driver for it. */
    Connection make() throws SQLException;
  }

  /** Makes a connection whose socket is among these. */
  Connection make(Making making) throws SQLException {
    MAKING.set(this);
    try {
      return making.make();
    } finally {
      MAKING.remove();
    }
  }

  /** A socket is about to be connected on this thread. */
  static void made(Socket socket) throws IOException {
    Sockets sockets = MAKING.get();
    if (sockets != null) {
      sockets.open.removeIf(Socket::isClosed);
      sockets.open.add(socket);
      if (sockets.ended) {
        socket.close();
      }
    }
  }

  /** Cuts all connections, those that are being made as well; there will be no others. */
  void end() {
    ended = true;
    for (Socket socket : open) {
      close(socket);
    }
  }

  /** Cuts the connection that a statement belongs to, unless it is closed already. */
  static void cut(Statement statement) throws SQLException {
    cut(statement.unwrap(JdbcStatement.class).getSession());
  }

  /** Cuts a connection. */
  static void cut(Connection connection) throws SQLException {
    cut(connection.unwrap(MysqlConnection.class).getSession());
  }

  private static void cut(Session session) {
    if (session instanceof NativeSession ours
        && ours.getProtocol().getSocketConnection().getSocketFactory()
            instanceof CuttableSocketFactory factory) {
      factory.socket().ifPresent(Sockets::close);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("A connection that was cut said {}", e.getMessage());
    }
  }
}
