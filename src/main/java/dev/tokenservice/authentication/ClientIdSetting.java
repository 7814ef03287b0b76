package dev.tokenservice.authentication;

import dev.tokenservice.identity.ClientIdAttribute;
import java.util.Optional;

/**
 * The setting of the client id, which counts for every flow. The source of Google's load balancer has it: the setting names a
 * header of that load balancer, and stands for the attribute in it.
 */
public interface ClientIdSetting {

    /** Returns the attribute that becomes the client id; empty if the setting is not set. */
    Optional<ClientIdAttribute> clientIdAttribute();
}
