package org.larder.rest.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the REST conventions. */
@ObjectClassDefinition(
    id = RestSettings.PID,
    name = "Larder REST",
    description = "What is expected of the REST layer, and what is worth a warning")
@interface RestSettings {
  String PID = "larder.rest";

  @AttributeDefinition(
      name = "Expected applications",
      description = "Requests get 503 until these REST applications are there after a start")
  String[] expected() default {"translation"};

  @AttributeDefinition(
      name = "Slow request",
      description = "A request that takes longer is logged as a warning, in ms; 0 for none")
  int slow_request_ms() default 1000;
}
