package org.larder.node.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

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

  /** Reads settings as a component does. */
  private record NotesSettings(String tls) {
    NotesSettings {
      if (!tls.equals("on") && !tls.equals("off")) {
        throw new IllegalArgumentException(
            "tls has to be on or off, not " + tls,
            new IllegalArgumentException("No enum constant"));
      }
    }
  }

  @Test
  void reasonOfTheComponentIsTold() {
    Throwable own = catchThrowable(() -> new NotesSettings("maybe"));
    assertThat(RefusedConfiguration.reason(CREATED, new Copy("null", own)))
        .hasValue("tls has to be on or off, not maybe");
  }

  @Test
  void mistakeInAComponentKeepsItsTrace() {
    Throwable mistake = new IllegalArgumentException("No row of that schema");
    assertThat(RefusedConfiguration.reason(CREATED, new Copy("null", mistake))).isEmpty();
    StackTraceElement reading = new StackTraceElement("org.larder.NotesSettings", "read", null, 1);
    mistake.setStackTrace(
        new StackTraceElement[] {
          new StackTraceElement("org.larder.Store", "<init>", null, 1),
          new StackTraceElement("java.lang.reflect.Constructor", "newInstance", null, 1),
          reading
        });
    assertThat(RefusedConfiguration.reason(CREATED, mistake)).isEmpty();
    mistake.setStackTrace(new StackTraceElement[] {reading});
    assertThat(RefusedConfiguration.reason(CREATED, mistake)).hasValue("No row of that schema");
  }

  @Test
  void otherTroublesKeepTheirTrace() {
    assertThat(RefusedConfiguration.reason(CREATED, new IllegalStateException("closed"))).isEmpty();
    assertThat(RefusedConfiguration.reason("The unbind method", noNumber())).isEmpty();
    assertThat(RefusedConfiguration.reason(CREATED, null)).isEmpty();
    assertThat(RefusedConfiguration.reason(null, noNumber())).isEmpty();
  }
}
