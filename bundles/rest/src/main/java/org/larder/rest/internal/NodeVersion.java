package org.larder.rest.internal;

import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.Version;

/** The version that the node shows: that of this bundle, without qualifier. */
final class NodeVersion {
  private NodeVersion() {}

  static String get() {
    Bundle bundle = FrameworkUtil.getBundle(NodeVersion.class);
    Version version = bundle == null ? Version.emptyVersion : bundle.getVersion();
    return version.getMajor() + "." + version.getMinor() + "." + version.getMicro();
  }
}
