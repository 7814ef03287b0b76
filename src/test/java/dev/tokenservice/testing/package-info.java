/** Fixtures for tests of the whole application: the service, the load balancer before it, certificates, a plain HTTP client. */
@NullMarked
package dev.tokenservice.testing;

import org.jspecify.annotations.NullMarked;
