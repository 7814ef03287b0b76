package dev.tokenservice.policy.cel;

import com.google.common.net.InetAddresses;
import dev.cel.bundle.CelBuilder;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionBinding;
import dev.tokenservice.identity.IpNetwork;
import java.net.InetAddress;

/** The functions {@code ip(text)} and {@code inNetwork(text)}, which test whether an address is in a network. */
final class IpFunctions {

    static final String IN_NETWORK = "inNetwork";

    private static final String IP = "ip";
    private static final CelType ADDRESS = OpaqueType.create(IP);
    private static final String IP_OVERLOAD = "ip_string";
    private static final String IN_NETWORK_OVERLOAD = "ip_in_network_string";

    private IpFunctions() {}

    static void addTo(CelBuilder builder) {
        builder.addFunctionDeclarations(
                        CelFunctionDecl.newFunctionDeclaration(
                                IP, CelOverloadDecl.newGlobalOverload(IP_OVERLOAD, ADDRESS, SimpleType.STRING)),
                        CelFunctionDecl.newFunctionDeclaration(
                                IN_NETWORK,
                                CelOverloadDecl.newMemberOverload(
                                        IN_NETWORK_OVERLOAD, SimpleType.BOOL, ADDRESS, SimpleType.STRING)))
                .addFunctionBindings(
                        CelFunctionBinding.from(IP_OVERLOAD, String.class, IpFunctions::address),
                        CelFunctionBinding.from(
                                IN_NETWORK_OVERLOAD, InetAddress.class, String.class, IpFunctions::isIn));
    }

    private static Object address(String text) {
        if (!InetAddresses.isInetAddress(text)) {
            throw new EvaluationException("ip() needs an IP address");
        }
        return InetAddresses.forString(text);
    }

    private static Object isIn(InetAddress address, String network) {
        return IpNetwork.parse(network)
                .orElseThrow(() -> new EvaluationException("inNetwork() needs a network such as 10.0.0.0/8"))
                .contains(address.getAddress());
    }
}
