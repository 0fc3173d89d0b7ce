package org.larder.node.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RefusedConfigurationTest {
  private static final String CREATED =
      "bundle org.larder.store:0.1.0 (7)[org.larder.Store(4)] : Error during instantiation of the"
          + " implementation object";
  private static final String MODIFIED =
      "bundle org.larder.store:0.1.0 (7)[org.larder.Store(4)] : The modified method has thrown an"
          + " exception";

  /** What the log service hands out in place of what was thrown. */
  private static final class Copy extends Exception {
    private static final long serialVersionUID = 1L;

    Copy(String text, Throwable cause) {
      super(text, cause);
    }
  }

  private static Copy noNumber() {
    Copy thrown =
        new Copy(
            "org.osgi.service.component.ComponentException: java.lang.NumberFormatException: For"
                + " input string: \"soon\"",
            null);
    thrown.setStackTrace(
        new StackTraceElement[] {
          new StackTraceElement("org.apache.felix.scr.Annotations$Handler", "invoke", null, 1),
          new StackTraceElement("jdk.proxy4.$Proxy5", "flush__interval__ms", null, 1),
          new StackTraceElement("org.larder.Store", "read", null, 1)
        });
    return thrown;
  }

  @Test
  void keyOfANumberThatIsNoneIsTold() {
    assertThat(RefusedConfiguration.reason(MODIFIED, noNumber()))
        .hasValue("flush_interval_ms has to be a whole number. For input string: \"soon\"");
    Copy created = new Copy("java.lang.reflect.InvocationTargetException: null", noNumber());
    assertThat(RefusedConfiguration.reason(CREATED, created))
        .hasValueSatisfying(reason -> assertThat(reason).startsWith("flush_interval_ms has"));
  }

  @Test
  void reasonOfTheComponentIsTold() {
    IllegalArgumentException own =
        new IllegalArgumentException(
            "tls has to be on or off, not maybe", new IllegalArgumentException("No enum constant"));
    assertThat(RefusedConfiguration.reason(CREATED, new Copy("null", own)))
        .hasValue("tls has to be on or off, not maybe");
  }

  @Test
  void otherTroublesKeepTheirTrace() {
    assertThat(RefusedConfiguration.reason(CREATED, new IllegalStateException("closed"))).isEmpty();
    assertThat(RefusedConfiguration.reason("The unbind method", noNumber())).isEmpty();
    assertThat(RefusedConfiguration.reason(CREATED, null)).isEmpty();
  }
}
