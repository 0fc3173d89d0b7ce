package org.larder.tck;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Makes an interface of tests a part of the contract, which the report lists by itself. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Area {
  /** A word or two. */
  String name();

  /** What holds if all its tests pass, as a sentence. */
  String promise();
}
