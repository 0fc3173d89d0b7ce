/**
 * The contract kit: tests that every storage backend inherits. What a backend declares is tested;
 * what it does not declare is tested to be refused.
 */
package org.larder.tck;
