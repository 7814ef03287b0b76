/** Tests of the way to production: scripts/deploy against a Google Cloud that is none, and the manifests against the code. */
@NullMarked
package dev.tokenservice.deploy;

import org.jspecify.annotations.NullMarked;
