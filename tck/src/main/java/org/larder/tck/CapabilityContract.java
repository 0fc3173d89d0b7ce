package org.larder.tck;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.larder.storage.spi.Capability;

/**
 * That a backend declares what it is said to have. What each capability promises, and how a call is
 * refused without it, is tested where it belongs.
 */
@Area(name = "capabilities", promise = "What is declared is what the test class names.")
public interface CapabilityContract extends BackendUnderTest {
  @Test
  default void descriptorDeclaresWhatTheTestClassNames() {
    assertThat(store().backend().descriptor().capabilities()).isEqualTo(capabilities());
  }

  /** This version of the API has no call for it, so that nobody could keep the promise. */
  @Test
  @Proves(Capability.FULL_TEXT)
  default void textSearchIsNotDeclaredBeforeItCanBeAskedFor() {
    assertThat(declares(Capability.FULL_TEXT)).as("declares FULL_TEXT").isFalse();
    store().doesNotApply("No call asks for it yet, so there is none to refuse.");
  }
}
