package org.larder.runtime;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;

import java.util.List;
import java.util.stream.Stream;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.junit.PaxExam;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;

@RunWith(PaxExam.class)
public class DistributionContainerIT extends ContainerTestSupport {
  @Test
  public void everyBundleOfTheDistributionIsActive() {
    node().awaitReady();
    List<String> notActive =
        Stream.of(context().getBundles())
            .filter(bundle -> bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null)
            .filter(bundle -> bundle.getState() != Bundle.ACTIVE)
            .map(Bundle::getSymbolicName)
            .toList();
    assertEquals(List.of(), notActive);
  }

  @Test
  public void restRuntimeIsThere() throws InterruptedException {
    assertNotNull(service("org.osgi.service.jakartars.runtime.JakartarsServiceRuntime"));
  }
}
