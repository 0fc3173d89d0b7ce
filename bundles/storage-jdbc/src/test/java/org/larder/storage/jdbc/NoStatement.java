package org.larder.storage.jdbc;

import java.lang.reflect.Proxy;
import java.sql.Statement;

/** A statement that is handed round and never asked for anything. */
final class NoStatement {
  private NoStatement() {}

  static Statement make() {
    return (Statement)
        Proxy.newProxyInstance(
            Statement.class.getClassLoader(),
            new Class<?>[] {Statement.class},
            (self, method, arguments) -> {
              throw new UnsupportedOperationException(method.getName());
            });
  }
}
