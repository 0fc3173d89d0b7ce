package org.larder.rest.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Settings of the REST conventions. Two underscores in a method stand for one in the key: one alone
 * would be a dot.
 */
@ObjectClassDefinition(
    id = RestSettings.PID,
    name = "Larder REST",
    description = "What is expected of the REST layer, and what is worth a warning")
@SuppressWarnings("MemberName") // Declarative Services derive the keys from these names.
@interface RestSettings {
  String PID = "larder.rest";

  @AttributeDefinition(
      name = "Expected applications",
      description = "Requests get 503 until these REST applications are there after a start")
  String[] expected() default {"translation"};

  @AttributeDefinition(
      name = "Slow request",
      description = "A request that takes longer is logged as a warning, in ms; 0 for none")
  int slow__request__ms() default 1000;
}
