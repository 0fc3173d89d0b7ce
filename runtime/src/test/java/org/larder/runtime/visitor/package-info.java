/** What the tests drop into {@code plugins/} of a running node. */
package org.larder.runtime.visitor;
