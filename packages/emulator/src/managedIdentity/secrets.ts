/** The secret header of App Service's endpoint: public, and good for nothing but the emulator. */
export const appServiceSecret = 'emulator-identity-header'

/** The same of Machine Learning's. */
export const machineLearningSecret = 'emulator-msi-secret'

/** The same of Service Fabric's. */
export const serviceFabricSecret = 'emulator-fabric-secret'
