-- Calendar, hours, book closings, queued orders; trees and keys.

SELECT 1;
