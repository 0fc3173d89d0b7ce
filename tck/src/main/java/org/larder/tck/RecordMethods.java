package org.larder.tck;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.runtime.ObjectMethods;

/**
 * Frees what the JDK remembers of the last record class whose methods it linked: a few method
 * handles of its own each keep the last type that they were adapted to, and by it one class loader.
 * That is one place, not a leak, but it looks like one.
 */
final class RecordMethods {
  private record Last(String value) {}

  private RecordMethods() {}

  /** Links the methods of a record of ours once more. */
  static void forgetLast() {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    try {
      MethodHandle getter =
          lookup.findVirtual(Last.class, "value", MethodType.methodType(String.class));
      link(
          lookup, "equals", MethodType.methodType(boolean.class, Last.class, Object.class), getter);
      link(lookup, "hashCode", MethodType.methodType(int.class, Last.class), getter);
      link(lookup, "toString", MethodType.methodType(String.class, Last.class), getter);
    } catch (Throwable e) {
      throw new IllegalStateException("The methods of a record cannot be linked", e);
    }
  }

  private static void link(
      MethodHandles.Lookup lookup, String method, MethodType type, MethodHandle getter)
      throws Throwable {
    Object unused = ObjectMethods.bootstrap(lookup, method, type, Last.class, "value", getter);
  }
}
