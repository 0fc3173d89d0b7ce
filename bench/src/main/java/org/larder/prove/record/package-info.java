/** The durable record of what was sent and acknowledged, and what follows from it. */
package org.larder.prove.record;
