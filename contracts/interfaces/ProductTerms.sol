// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

/// @title ProductTerms: what a token is created with (銘柄の発行条件)
/// @param productId          受益権ID, the key of the product on the ledger and in the registry
/// @param legalCategory      legal form and category code; zero means "not yet decided"
/// @param termsHash          digest of the published terms and the trust deed or bond terms
/// @param transferControlId  移転実行可否制御ID, the transfer-enable group
/// @param initialBeneficiary 当初受益者, who receives the issue and from whom it is distributed
/// @param authorisedCap      units that may be outstanding at most
/// @param redemptionDate     償還日 as UTC seconds; redemption on or after it only
/// @param permittedClasses   bit n set: investor class n may hold
struct ProductTerms {
    bytes32 productId;
    string name;
    string symbol;
    uint16 legalCategory;
    bytes32 termsHash;
    bytes32 transferControlId;
    address initialBeneficiary;
    uint80 authorisedCap;
    uint32 redemptionDate;
    uint32 permittedClasses;
}
