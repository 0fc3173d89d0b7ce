package org.larder.storage.mysql.internal;

import static org.larder.storage.spi.StorageException.Severity.BUSY;
import static org.larder.storage.spi.StorageException.Severity.HALT;
import static org.larder.storage.spi.StorageException.Severity.RETRY;

import com.mysql.cj.jdbc.exceptions.PacketTooBigException;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.larder.storage.spi.StorageException;

/**
 * What failures of the database mean. The numbers are those of the server error references of MySQL
 * and MariaDB. Stateless and free for any thread.
 */
final class MysqlErrors {
  /** The code of a server that takes no writes, so that another one may be looked for. */
  static final String READ_ONLY = "STORE_READ_ONLY";

  /** The code of a server whose settings do not allow what the configuration asks for. */
  static final String MISCONFIGURED = "STORE_MISCONFIGURED";

  static final int UNKNOWN_DATABASE = 1049;

  private static final int DATABASE_DENIED = 1044;
  private static final int ACCOUNT_DENIED = 1045;

  /** What a server that takes no writes answers to one. */
  static final int SERVER_READ_ONLY = 1290;

  private static final int PACKET_TOO_LARGE = 1153;
  private static final int ROW_TOO_LARGE = 1118;
  private static final int INVALID_TEXT = 1300;
  private static final int INCORRECT_VALUE = 1366;
  private static final int NULL_FORBIDDEN = 1048;
  private static final int REFERRED_TO = 1451;
  private static final int REFERS_TO_NOTHING = 1452;
  private static final int TRIGGER_SAYS_NO = 1644;
  private static final int CHECK_OF_MYSQL = 3819;
  private static final int CHECK_OF_MARIADB = 4025;
  private static final int DUPLICATE = 1062;

  /** The name of an index ends the message, behind that of its table in MySQL. */
  private static final Pattern INDEX = Pattern.compile("'(?:[^'.]*\\.)?([^']*)'[^']*$");

  private MysqlErrors() {}

  /** True if the database cannot take one of the items that were written. */
  static boolean refuses(SQLException failure) {
    SQLException root = root(failure);
    String state = String.valueOf(root.getSQLState());
    return switch (root.getErrorCode()) {
      case PACKET_TOO_LARGE, ROW_TOO_LARGE, INVALID_TEXT, INCORRECT_VALUE -> true;
      // Our tables have no such constraints, but their owner may add some.
      case NULL_FORBIDDEN,
          REFERRED_TO,
          REFERS_TO_NOTHING,
          TRIGGER_SAYS_NO,
          CHECK_OF_MYSQL,
          CHECK_OF_MARIADB ->
          true;
      case DUPLICATE -> isOfAddedIndex(root);
      default -> state.startsWith("22") || root instanceof PacketTooBigException;
    };
  }

  /** Our tables have no unique index but their key, which another writer may bring as well. */
  private static boolean isOfAddedIndex(SQLException duplicate) {
    Matcher index = INDEX.matcher(String.valueOf(duplicate.getMessage()));
    return index.find() && !index.group(1).equalsIgnoreCase("PRIMARY");
  }

  static StorageException translate(SQLException failure) {
    SQLException root = root(failure);
    StorageException meaning = ofNumber(root.getErrorCode(), message(root), failure);
    return meaning == null ? ofState(root, failure) : meaning;
  }

  private static StorageException ofNumber(int number, String message, SQLException failure) {
    return switch (number) {
      case 1020, 1205, 1213, 1614, 3572 ->
          new StorageException(
              BUSY, "STORE_BUSY", "Another program had the rows: " + message, failure);
      // Whoever repeats a definition looks first at what is there by then.
      case 1050, 1060, 1061, 1091 ->
          new StorageException(
              BUSY, "STORE_BUSY", "The table was changed meanwhile: " + message, failure);
      case 1040, 1203, 1226 ->
          new StorageException(
              BUSY, "STORE_BUSY", "The server has no connection left: " + message, failure);
      case 1223, SERVER_READ_ONLY, 1792, 1836, 3032 ->
          new StorageException(RETRY, READ_ONLY, "The server takes no writes: " + message, failure);
      case 1021, 1114, 1878, 3675 ->
          new StorageException(
              RETRY, "STORE_FULL", "The disk of the database is full: " + message, failure);
      case 1026, 1030 -> ofEngine(message, failure);
      case DATABASE_DENIED,
          ACCOUNT_DENIED,
          1130,
          1142,
          1143,
          1227,
          1251,
          1370,
          1410,
          1524,
          1698,
          1820,
          1862,
          3118,
          4151 ->
          denied(message, failure);
      case UNKNOWN_DATABASE -> absent(message, failure);
      case 1146 ->
          new StorageException(
              RETRY,
              "COLLECTION_UNKNOWN",
              "The store is not ready for this collection yet",
              failure);
      case DUPLICATE ->
          new StorageException(
              RETRY, "STORE_BUSY", "Another node did the same at the same time", failure);
      case 1034, 1194, 1195, 1712, 1877 ->
          new StorageException(
              HALT,
              "CORRUPT_STORE",
              "The server says that a table is damaged: %s. Restore a backup, or seed the store again"
                  .formatted(message),
              failure);
      case 1665 ->
          new StorageException(
              HALT,
              MISCONFIGURED,
              "The server's binlog_format takes no batch through several connections: %s. Set it to ROW or MIXED, or write_connections = 1"
                  .formatted(message),
              failure);
      case 1317, 1927, 1969, 3024 ->
          new StorageException(
              RETRY, "INTERRUPTED", "The statement was ended: " + message, failure);
      case 1037, 1038, 1041, 1047, 1053, 1129, 1152, 1158, 1159, 1160, 1161, 1180, 1184, 4031 ->
          unavailable(message, failure);
      default -> null;
    };
  }

  /** Errors of the storage engine and of files carry the system's error in their text. */
  private static StorageException ofEngine(String message, SQLException failure) {
    boolean full = message.contains("error 28 ") || message.contains("No space left");
    return new StorageException(
        RETRY,
        full ? "STORE_FULL" : "STORE_UNAVAILABLE",
        (full ? "The disk of the database is full: " : "The server could not read or write: ")
            + message,
        failure);
  }

  private static StorageException ofState(SQLException root, SQLException failure) {
    String state = String.valueOf(root.getSQLState());
    if (isConnection(state) || isClosed(root)) {
      return unavailable(message(root), failure);
    }
    if (state.startsWith("28")) {
      return denied(message(root), failure);
    }
    if (state.startsWith("40")) {
      return new StorageException(BUSY, "STORE_BUSY", message(root), failure);
    }
    if (root instanceof SQLTransientException) {
      return new StorageException(
          BUSY, "STORE_BUSY", "No reader is free: " + message(root), failure);
    }
    return new StorageException(
        HALT, "STORE_ERROR", "The database says: " + message(root), failure);
  }

  /** True if a server knows the account, its password or the database no more. */
  static boolean isStranger(int code) {
    return code == DATABASE_DENIED || code == ACCOUNT_DENIED || code == UNKNOWN_DATABASE;
  }

  /** True for states that speak of the connection. */
  static boolean isConnection(String state) {
    return state != null && state.startsWith("08");
  }

  /** The driver closes what belonged to a lost connection, and then stumbles over it itself. */
  private static boolean isClosed(SQLException root) {
    return root.getErrorCode() == 0
        && String.valueOf(root.getMessage()).contains("No operations allowed after");
  }

  private static StorageException unavailable(String message, Throwable failure) {
    return new StorageException(
        RETRY, "STORE_UNAVAILABLE", "The database cannot be reached: " + message, failure);
  }

  private static StorageException absent(String message, Throwable failure) {
    return new StorageException(
        RETRY, "STORE_ABSENT", "There is no store yet: " + message, failure);
  }

  private static StorageException denied(String message, Throwable failure) {
    return new StorageException(
        HALT,
        "STORE_DENIED",
        "The server refuses the account or its rights: %s. Mend user, password or rights, then save the configuration again"
            .formatted(message),
        failure);
  }

  /** The failure that the pool's or the batch's own stands for. */
  private static SQLException root(SQLException failure) {
    SQLException root = failure;
    while (root.getErrorCode() == 0) {
      Throwable next = root.getNextException() == null ? root.getCause() : root.getNextException();
      if (!(next instanceof SQLException inner) || inner == root) {
        return root;
      }
      root = inner;
    }
    return root;
  }

  /** The first line of a message; for a lost connection the reason that the system gives. */
  private static String message(SQLException failure) {
    String text = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    Throwable deepest = failure;
    while (deepest.getCause() != null && deepest.getCause() != deepest) {
      deepest = deepest.getCause();
    }
    return isConnection(failure.getSQLState()) && deepest != failure && deepest.getMessage() != null
        ? text + " (" + deepest.getMessage().lines().findFirst().orElse("") + ")"
        : text;
  }
}
