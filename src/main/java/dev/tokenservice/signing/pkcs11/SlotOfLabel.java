package dev.tokenservice.signing.pkcs11;

import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the slot of a token by its label. The provider of the JDK accepts only slot numbers, which change when a library
 * restarts. So this class uses the internal PKCS#11 binding of the JDK, which {@link #JVM_OPTION} opens.
 */
final class SlotOfLabel {

    static final String JVM_OPTION = "--add-exports=jdk.crypto.cryptoki/sun.security.pkcs11.wrapper=ALL-UNNAMED";

    private static final String BINDING = "sun.security.pkcs11.wrapper.";

    /** CKF_OS_LOCKING_OK, as the provider of the JDK sets it, because a process initializes a library only once. */
    private static final long MANY_THREADS = 2;

    private SlotOfLabel() {}

    static long find(String library, String label) throws TokenException {
        List<Long> slots = new ArrayList<>();
        try {
            Object binding = binding(library);
            Class<?> type = binding.getClass();
            for (long slot :
                    (long[]) type.getMethod("C_GetSlotList", boolean.class).invoke(binding, true)) {
                if (label(binding, slot).equals(label)) {
                    slots.add(slot);
                }
            }
        } catch (InvocationTargetException e) {
            throw TokenException.of(e);
        } catch (ReflectiveOperationException e) {
            throw new TokenException("this Java cannot read the labels of tokens: name the slot with slot-id");
        }
        if (slots.size() != 1) {
            throw new TokenException(
                    slots.isEmpty()
                            ? "there is no token with this label"
                            : "several tokens have this label: name the slot with slot-id");
        }
        return slots.get(0);
    }

    private static Object binding(String library) throws ReflectiveOperationException {
        Class<?> argumentsType = Class.forName(BINDING + "CK_C_INITIALIZE_ARGS");
        Object arguments = argumentsType.getConstructor().newInstance();
        argumentsType.getField("flags").setLong(arguments, MANY_THREADS);
        return Class.forName(BINDING + "PKCS11")
                .getMethod("getInstance", String.class, String.class, argumentsType, boolean.class)
                .invoke(null, library, "C_GetFunctionList", arguments, false);
    }

    /** Returns the label of a slot without the padding spaces of PKCS#11; empty if its token does not answer. */
    private static String label(Object binding, long slot) throws ReflectiveOperationException {
        try {
            Object token =
                    binding.getClass().getMethod("C_GetTokenInfo", long.class).invoke(binding, slot);
            return new String((char[]) token.getClass().getField("label").get(token)).stripTrailing();
        } catch (InvocationTargetException e) {
            return "";
        }
    }
}
