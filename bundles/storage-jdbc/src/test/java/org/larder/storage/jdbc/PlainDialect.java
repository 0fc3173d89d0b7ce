package org.larder.storage.jdbc;

import java.lang.reflect.Proxy;
import org.larder.storage.model.Index;

/**
 * The dialect of no database, in which questions are easily read: names stand in brackets. It knows
 * what questions are made of, and fails when asked for anything else.
 */
final class PlainDialect {
  private PlainDialect() {}

  static Dialect make() {
    return (Dialect)
        Proxy.newProxyInstance(
            Dialect.class.getClassLoader(),
            new Class<?>[] {Dialect.class},
            (self, method, arguments) ->
                switch (method.getName()) {
                  case "quote" -> "[" + arguments[0] + "]";
                  case "same" -> arguments[0] + " IS ?";
                  case "by" -> "<" + ((Index) arguments[1]).fields() + "> ";
                  case "forUpdate" -> "";
                  case "contains" -> "position(? in " + arguments[0] + ") > 0";
                  case "wideSum" ->
                      new String[] {"HIGH(" + arguments[0] + ")", "LOW(" + arguments[0] + ")"};
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }
}
